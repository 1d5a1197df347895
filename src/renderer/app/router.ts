import { createRouter, createWebHashHistory } from 'vue-router'
import HomePage from '../home/home-page.vue'
import NotFoundPage from './not-found-page.vue'

// The fragment carries the route: it works under http:// and app:// alike and needs nothing of the host.
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'home', component: HomePage, meta: { title: 'Home' } },
    {
      path: '/datasets',
      name: 'datasets',
      component: () => import('../datasets/datasets-page.vue'),
      meta: { title: 'Datasets' },
    },
    {
      path: '/datasets/:dataset',
      name: 'dataset',
      component: () => import('../datasets/dataset-page.vue'),
      meta: { title: 'Dataset', under: '/datasets' },
    },
    {
      path: '/teachers',
      name: 'teachers',
      component: () => import('../teachers/teachers-page.vue'),
      meta: { title: 'Teachers' },
    },
    {
      path: '/train',
      name: 'train',
      component: () => import('../train/train-page.vue'),
      meta: { title: 'Train' },
    },
    {
      path: '/runs',
      name: 'runs',
      component: () => import('../runs/runs-page.vue'),
      meta: { title: 'Runs' },
    },
    {
      path: '/runs/:run',
      name: 'run',
      component: () => import('../runs/run-page.vue'),
      meta: { title: 'Run', under: '/runs' },
    },
    {
      path: '/jobs/:job',
      name: 'job',
      component: () => import('../jobs/job-page.vue'),
      meta: { title: 'Job', under: '/train' },
    },
    {
      path: '/cards',
      name: 'cards',
      component: () => import('../cards/cards-page.vue'),
      meta: { title: 'Cards' },
    },
    {
      // The id of a dataset's card has a slash.
      path: '/cards/:card(.+)',
      name: 'card',
      component: () => import('../cards/card-page.vue'),
      meta: { title: 'Card', under: '/cards' },
    },
    {
      path: '/new-card',
      name: 'new card',
      component: () => import('../cards/card-page.vue'),
      meta: { title: 'New card', under: '/cards' },
    },
    {
      path: '/compare',
      name: 'compare',
      component: () => import('../compare/compare-page.vue'),
      meta: { title: 'Compare' },
    },
    {
      path: '/playground',
      name: 'playground',
      component: () => import('../playground/playground-page.vue'),
      meta: { title: 'Playground' },
    },
    {
      path: '/export',
      name: 'export',
      component: () => import('../exports/export-page.vue'),
      meta: { title: 'Export' },
    },
    {
      path: '/settings',
      name: 'settings',
      component: () => import('../settings/settings-page.vue'),
      meta: { title: 'Settings' },
    },
    // Where pages were before: links that people kept still lead here.
    { path: '/train/run/:run', redirect: ({ params }) => ({ name: 'run', params }) },
    { path: '/train/:job', redirect: ({ params }) => ({ name: 'job', params }) },
    { path: '/search', name: 'search', redirect: ({ query }) => ({ name: 'playground', query }) },
    { path: '/:rest(.*)*', name: 'not found', component: NotFoundPage, meta: { title: 'Not found' } },
  ],
})

router.afterEach((to) => {
  document.title = `${to.meta.title} · Hydra Workbench`
})
